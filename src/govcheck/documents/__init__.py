"""What files of a repository say to their readers: values of data files, headings, lists and dates of texts. Pure."""
