using System.Runtime.CompilerServices;
using ForwardForward.Learning.Native;

// libtorch counts its live tensors per process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyTrait("Category", "Unit")]

namespace ForwardForward.Learning.Tests;

internal static class TestAssembly
{
    [ModuleInitializer]
    internal static void LoadLibtorchBeforeAnyTest() => LibTorch.EnsureLoaded();
}
