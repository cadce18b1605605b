"""Other movers on the same work, each as its user would run it."""
