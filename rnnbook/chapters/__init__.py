"""What a chapter's cells use: shown source, checked steps, exercises that say what is wrong."""
