"""Riding a bicycle: estimate, programme, steering, pedalling, posture, and the rider that joins them."""
