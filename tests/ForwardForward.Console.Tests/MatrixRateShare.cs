using System.Text.Json;

namespace ForwardForward.Console.Tests;

/// <summary>What a run says of the matrix rate: a share of it, or why there is none, since tests run on busy machines too.</summary>
internal static class MatrixRateShare
{
    public static void AssertIn(JsonElement summary)
    {
        var (share, reason) = (summary.GetProperty("matrixRateShare"), summary.GetProperty("matrixRateLeftOut"));
        if (share.ValueKind == JsonValueKind.Null)
        {
            Assert.StartsWith("the machine was ", reason.GetString(), StringComparison.Ordinal);
        }
        else
        {
            Assert.InRange(share.GetDouble(), double.Epsilon, 1);
            Assert.Equal(JsonValueKind.Null, reason.ValueKind);
        }
    }
}
