"""The apps that come with Trunkline; they know the SDK and nothing else of it."""
