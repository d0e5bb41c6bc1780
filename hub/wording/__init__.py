"""Every sentence people read, in Latvian and English, by code."""
