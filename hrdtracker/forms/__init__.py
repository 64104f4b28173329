"""From what was typed to what is meant, and the reasons back beside the fields."""
