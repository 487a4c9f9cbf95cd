"""What a campaign gives to spread the word: poster, banners, QR code, texts ready to send.

All of it is made from the published campaign and its first course, in the reader's language.
"""
