"""The revisions of the schema, one file each, named `rNNNN_what_it_does`."""
