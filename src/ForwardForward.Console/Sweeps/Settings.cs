using System.Numerics;
using ForwardForward.Learning;
using ForwardForward.Learning.Exactness;

namespace ForwardForward.Console.Sweeps;

/// <summary>Which values of the swept fields are tried together.</summary>
/// <param name="Grid">Each value with each of the others.</param>
/// <param name="Random">Drawn anew for every setting.</param>
/// <param name="Draw">Seed of what is drawn.</param>
internal sealed record Settings(IReadOnlyList<GridField> Grid, IReadOnlyList<RandomField> Random, int Draw)
{
    private const int UsualDraws = 10;
    private const int MaxPoints = 1_000_000;

    /// <summary>Of the grid: 1 where there is none.</summary>
    public BigInteger Points => Grid.Aggregate(BigInteger.One, (points, one) => points * one.Values.Count);

    /// <summary>How many settings are tried.</summary>
    /// <inheritdoc cref="Take"/>
    public BigInteger Count(int? count) => count ?? (Random.Count > 0 ? BigInteger.Max(UsualDraws, Points) : Points);

    /// <summary>
    /// With random fields so many draws, each at a point of the grid in turn; without, so many points of the grid. Fewer than there are
    /// points are drawn from them.
    /// </summary>
    /// <param name="count">Null: ten draws or one at every point, and without random fields every point.</param>
    /// <returns>For each setting an assignment (<c>path=value</c>) of every field.</returns>
    /// <exception cref="InvalidInputException">The grid has fewer or far too many points.</exception>
    public IReadOnlyList<IReadOnlyList<string>> Take(int? count)
    {
        if (Points > MaxPoints)
        {
            throw new InvalidInputException($"The grid has {Points:#,0} points, expected at most {MaxPoints:#,0}: leave some values out.");
        }

        var (points, taken) = ((int)Points, (int)Count(count));
        if (Random.Count == 0 && taken > points)
        {
            throw new InvalidInputException(
                $"--trials is {taken}, but the grid has {points:#,0} points, expected at most as many, or --random."
            );
        }

        IReadOnlyList<int> chosen =
            taken >= points
                ? [.. Enumerable.Range(0, taken).Select(trial => trial % points)]
                : [.. new KeyedRandom(Draw, RandomPurpose.Trial, 0, 0).NextOrder(points).Take(taken).Order()];
        return [.. chosen.Select((point, trial) => Assignments(point, trial))];
    }

    private IReadOnlyList<string> Assignments(int point, int trial)
    {
        var values = new string[Grid.Count];
        for (var i = Grid.Count - 1; i >= 0; i--) // the last field changes fastest
        {
            values[i] = Grid[i].Values[point % Grid[i].Values.Count];
            point /= Grid[i].Values.Count;
        }

        return
        [
            .. Grid.Zip(values, (field, value) => $"{field.Path}={value}"),
            .. Random.Select((field, i) => $"{field.Path}={field.Draw(new KeyedRandom(Draw, RandomPurpose.Trial, i + 1, trial + 1))}"),
        ];
    }
}
