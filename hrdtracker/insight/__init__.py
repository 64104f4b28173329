"""What is read across everything: who has read how much, and whom."""
