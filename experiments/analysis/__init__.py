"""What a store or a few runs say: zones of agreement, reasons, effects of a deal, trade."""
