"""The steps *recognise*, *check* and *resolve*: documents to schemas whose references lead."""
