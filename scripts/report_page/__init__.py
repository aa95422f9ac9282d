"""The report as one HTML file: ``sources`` reach the views, ``reading`` makes its content of them, ``page`` writes the file."""
