"""What kb costs and how well it finds: programs to run by hand, never by the check."""
