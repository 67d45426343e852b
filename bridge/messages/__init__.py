"""Sentences for people: every code in German and in English."""
