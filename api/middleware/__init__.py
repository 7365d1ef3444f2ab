"""What every request passes before the routes."""
