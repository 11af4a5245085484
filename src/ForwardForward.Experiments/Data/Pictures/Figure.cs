namespace ForwardForward.Experiments.Data.Pictures;

/// <summary>What is drawn on a sheet: its pixels, their box, and how strong its ink is.</summary>
/// <param name="IsDark">Whether it is darker than what it is drawn on.</param>
/// <param name="Ink">Of the picture that <paramref name="Blob"/> is a part of.</param>
internal sealed record Figure(bool IsDark, Ink Ink, Blob Blob, double Score)
{
    private const double ShareOfLevel = 0.4;
    private const double MinPart = 0.03;
    private const double MinPartInside = 0.004;
    private const double NearestGap = 0.22;
    private const double MinLevel = 0.45;
    private const double SpeckOfSide = 0.035;
    private const double DotOfSide = 0.08;
    private const double DotFill = 0.7;
    private const double EdgeZone = 0.1;
    private const double MaxTouch = 0.5;
    private const double ThinBeside = 0.35;
    private const double LongFromThin = 3;
    private const int SmallestBox = 6;

    /// <returns>Null where the picture shows none.</returns>
    public static Figure? Find(GreyPicture picture)
    {
        var paper = Paper.Of(picture);
        var (dark, bright) = (
            Find(Ink.On(paper, picture, isDark: true), isDark: true),
            Find(Ink.On(paper, picture, isDark: false), isDark: false)
        );
        return bright is null || dark?.Score >= bright.Score ? dark : bright;
    }

    private static Figure? Find(Ink ink, bool isDark)
    {
        var blobs = Blobs(ink);
        var whole = blobs.Where(blob => !IsSpeck(blob, ink) && !IsEdge(blob, ink)).ToList();
        if (whole.Count == 0)
        {
            whole = [.. blobs.Where(blob => !IsSpeck(blob, ink) && ReachesIn(blob, ink))]; // drawn over the edge
        }

        if (whole.Count == 0)
        {
            return null;
        }

        var main = whole.MaxBy(blob => Worth(blob, ink))!;
        var parts = Together(main, blobs.Where(blob => !IsEdge(blob, ink)).ToList());
        var figure = Blob.Of([.. parts.SelectMany(part => part.Pixels)], ink.Width, ink.Clear);
        return new Figure(isDark, ink, figure, parts.Sum(part => Worth(part, ink)));
    }

    // First all that is no noise, then of each piece what is about as strong as it is where it is strongest.
    private static List<Blob> Blobs(Ink ink)
    {
        var mask = Array.ConvertAll(ink.Clear, strength => strength > ink.Least);
        RuledLines.Remove(mask, ink.Width);
        Margins.Remove(mask, ink.Width);
        var strong = new bool[mask.Length];
        foreach (var blob in Blob.All(mask, ink.Width, ink.Clear))
        {
            foreach (var i in blob.Pixels.Where(i => ink.Clear[i] > ShareOfLevel * blob.Level))
            {
                strong[i] = true;
            }
        }

        return [.. Blob.All(strong, ink.Width, ink.Clear)];
    }

    private static bool IsSpeck(Blob blob, Ink ink)
    {
        var (side, picture) = (blob.Box.LongerSide, Math.Max(ink.Width, ink.Height));
        return side < Math.Max(SmallestBox, SpeckOfSide * picture)
            || (side < DotOfSide * picture && blob.Fill > DotFill && Math.Min(blob.Box.Width, blob.Box.Height) > side / 2);
    }

    // Along a side of the picture for half of its own length, or wholly beside one and cut by it.
    private static bool IsEdge(Blob blob, Ink ink)
    {
        var touch = Touch(blob, ink);
        return touch > 0 && (touch > MaxTouch * blob.Box.LongerSide || !ReachesIn(blob, ink));
    }

    private static bool ReachesIn(Blob blob, Ink ink)
    {
        var (across, down) = ((int)(EdgeZone * ink.Width), (int)(EdgeZone * ink.Height));
        return blob.Box.Right > across && blob.Box.Bottom > down && blob.Box.Left < ink.Width - across && blob.Box.Top < ink.Height - down;
    }

    private static int Touch(Blob blob, Ink ink) =>
        blob.Pixels.Count(i => i % ink.Width == 0 || i % ink.Width == ink.Width - 1 || i < ink.Width || i >= ink.Clear.Length - ink.Width);

    private static double Worth(Blob blob, Ink ink)
    {
        var right = Math.Abs(((blob.Box.Left + blob.Box.Right) / (double)ink.Width) - 1);
        var down = Math.Abs(((blob.Box.Top + blob.Box.Bottom) / (double)ink.Height) - 1);
        return blob.Mass * (1 - (Math.Max(right, down) / 2)) * (Touch(blob, ink) > 0 ? 0.5 : 1);
    }

    // What a line of the paper leaves: long, and much thinner than the strokes.
    private static bool IsThinBeside(Blob other, Blob main) =>
        Math.Min(other.Box.Width, other.Box.Height) < ThinBeside * main.Pixels.Length / main.Box.LongerSide
        && other.Box.LongerSide > LongFromThin * Math.Min(other.Box.Width, other.Box.Height);

    // A figure may be of several strokes that do not meet.
    private static List<Blob> Together(Blob main, List<Blob> others)
    {
        var (parts, box) = (new List<Blob> { main }, main.Box);
        for (var isNew = true; isNew; )
        {
            var near = others
                .Except(parts)
                .FirstOrDefault(other =>
                    other.Level > MinLevel * main.Level
                    && !IsThinBeside(other, main)
                    && (
                        (other.Mass > MinPart * main.Mass && box.GapTo(other.Box) <= NearestGap * box.LongerSide)
                        || (other.Mass > MinPartInside * main.Mass && box.With(other.Box) == box)
                    )
                );
            isNew = near is not null;
            if (near is not null)
            {
                parts.Add(near);
                box = box.With(near.Box);
            }
        }

        return parts;
    }
}
