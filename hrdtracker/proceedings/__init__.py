"""What the law allows after an arrest, and until when: custody, charges and their clocks."""
