"""What an observer of a trial looks at: lists of questions that an organisation holds as data."""
