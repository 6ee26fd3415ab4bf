"""How faithful the parser is: rows of docs/fidelity.md."""
