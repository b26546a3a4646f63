"""The theory the countries reason by: pure functions of numbers or arrays, worlds on the last axis."""
