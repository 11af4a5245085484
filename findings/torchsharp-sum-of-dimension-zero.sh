#!/usr/bin/env bash
# TorchSharp 0.107.0, C# of .NET SDK 10: tensor.sum(0), torch.sum(tensor, 0), tensor.prod(0) and torch.prod(tensor, 0) do not go over
# dimension 0. C# turns the literal 0 into any enum, so the overload that takes an optional ScalarType is the better one, and ScalarType 0
# is Byte: the call adds up (or multiplies) everything and returns one unsigned byte. With 1, a variable, or 0L, the
# overload with a dimension is called. Nothing warns; with gradients the call fails with "Autograd not support dtype: Byte", and without
# them a sum over a batch is silently one number modulo 256.
#
# Shown by the calls that the compiler makes, as expression trees, so that no native library is needed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > finding.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="TorchSharp" Version="0.107.0" />
  </ItemGroup>
</Project>
PROJECT
cat > Program.cs <<'PROGRAM'
using System.Linq.Expressions;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

Show("sum(0)", tensor => tensor.sum(0));
Show("sum(1)", tensor => tensor.sum(1));
Show("sum(0L)", tensor => tensor.sum(0L));
Show("torch.sum(x, 0)", tensor => torch.sum(tensor, 0));
Show("prod(0)", tensor => tensor.prod(0));
Show("torch.prod(x, 0)", tensor => torch.prod(tensor, 0));

void Show(string written, Expression<Func<Tensor, Tensor>> call)
{
    var method = ((MethodCallExpression)call.Body).Method;
    var first = method.GetParameters()[method.IsStatic ? 1 : 0].ParameterType;
    Console.WriteLine($"{written}: {(Nullable.GetUnderlyingType(first) ?? first).Name}");
}

Console.WriteLine($"ScalarType 0: {(torch.ScalarType)0}");
PROGRAM
dotnet run 2>&1 | tee output
diff output - <<'SEEN'
sum(0): ScalarType
sum(1): Int64
sum(0L): Int64
torch.sum(x, 0): ScalarType
prod(0): ScalarType
torch.prod(x, 0): ScalarType
ScalarType 0: Byte
SEEN
