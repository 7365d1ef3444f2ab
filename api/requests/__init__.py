"""What comes in: strict bodies and parameters, uploads, which form of an answer is asked for."""
