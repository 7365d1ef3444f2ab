"""The contract on the wire: what may be sent to the service, and what it sends back."""
