"""Maps as teachers and lawyers of argument keep them: YAML maps, Carneades and LKIF, Araucaria's AML."""
