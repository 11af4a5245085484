[assembly: AssemblyTrait("Category", "Unit")]
