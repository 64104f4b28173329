"""Case tracking for those who protect human rights defenders."""
