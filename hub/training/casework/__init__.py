"""What trainings and their price ceilings do in the database."""
