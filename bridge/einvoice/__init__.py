"""Invoices for machines: EN 16931 in the syntax CII, written and checked."""
