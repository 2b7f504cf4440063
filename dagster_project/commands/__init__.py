"""The commands of `trisam`, by what a person wants: run, look, releases, persons. Thin: words in, words out."""
