"""Pictures of stored maps: what is laid over them, the orders for them, the processes that draw."""
