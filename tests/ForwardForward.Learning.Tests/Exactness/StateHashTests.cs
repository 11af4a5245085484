using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ForwardForward.Learning.Exactness;
using ForwardForward.Learning.Tensors;
using TorchSharp;

namespace ForwardForward.Learning.Tests.Exactness;

public sealed class StateHashTests
{
    [Fact]
    public void A_stage_is_hashed_as_lines_and_raw_bytes()
    {
        using Matrix weights = Filled(2, 3),
            bias = Filled(1, 3);
        byte[] expected =
        [
            .. "weights F32 [2,3]\n"u8,
            .. MemoryMarshal.AsBytes<float>([0, 1, 2, 3, 4, 5]),
            .. "bias F32 [1,3]\n"u8,
            .. MemoryMarshal.AsBytes<float>([0, 1, 2]),
        ];

        Assert.Equal(SHA256.HashData(expected), StateHash.OfStage([("weights", weights), ("bias", bias)]));
    }

    [Fact]
    public void One_bit_of_any_element_changes_the_hash()
    {
        using var matrix = Filled(3, 5);
        var before = StateHash.OfStage([("weights", matrix)]);
        for (var element = 0; element < 15; element++)
        {
            ref var value = ref matrix.RowSpan<int>(0, 3)[element];
            value ^= 1;
            Assert.NotEqual(before, StateHash.OfStage([("weights", matrix)]));
            value ^= 1;
        }

        Assert.Equal(before, StateHash.OfStage([("weights", matrix)]));
    }

    [Fact]
    public void Name_shape_and_order_change_the_hash()
    {
        using Matrix square = new(2, 2, torch.ScalarType.Float32),
            row = new(1, 4, torch.ScalarType.Float32);
        string[] hashes =
        [
            Hex(("a", square)),
            Hex(("b", square)),
            Hex(("a", row)),
            Hex(("a", square), ("b", row)),
            Hex(("b", row), ("a", square)),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void A_run_is_hashed_over_its_stages_in_order()
    {
        byte[] a = SHA256.HashData("a"u8),
            b = SHA256.HashData("b"u8);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. a, .. b])), StateHash.OfRun([a, b]));
        Assert.NotEqual(StateHash.OfRun([a, b]), StateHash.OfRun([b, a]));
    }

    private static string Hex(params (string, Matrix)[] state) => Convert.ToHexStringLower(StateHash.OfStage(state));

    private static Matrix Filled(int rows, int columns)
    {
        var matrix = new Matrix(rows, columns, torch.ScalarType.Float32);
        for (var i = 0; i < rows * columns; i++)
        {
            matrix.RowSpan<float>(0, rows)[i] = i;
        }

        return matrix;
    }
}
