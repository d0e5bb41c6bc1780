"""What somebody owes by a day: due dates, reminders, overdue."""
