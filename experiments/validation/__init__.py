"""The model beside the record, wins and losses alike."""
