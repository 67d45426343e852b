"""What an SFTP area does; the only room that imports paramiko."""
