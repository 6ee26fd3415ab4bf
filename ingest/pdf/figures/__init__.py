"""Charts and pictures: their axes and labels, their captions."""
