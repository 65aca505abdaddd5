"""The small worlds in which an equation is the best answer: one module for each."""
