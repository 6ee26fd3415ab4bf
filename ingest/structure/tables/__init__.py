"""Tables: what columns mean, tables of measures and meetings, forms."""
