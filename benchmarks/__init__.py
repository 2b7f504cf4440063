"""Programs that measure the warehouse; nothing in it imports them."""
