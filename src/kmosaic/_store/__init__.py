"""Files and folders that are whole or not there, and saved models as plain data in them."""
