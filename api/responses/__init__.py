"""What goes out: problems, caching headers, and how routes and pages answer."""
