"""Changes the program in small ways and counts how many of the changes the tests notice."""
