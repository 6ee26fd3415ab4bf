"""What holds the tokens and finds them again; each engine has a folder."""
