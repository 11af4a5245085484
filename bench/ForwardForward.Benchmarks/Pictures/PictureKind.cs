using ForwardForward.Learning.Exactness;
using SkiaSharp;

namespace ForwardForward.Benchmarks.Pictures;

/// <summary>Makes a picture file of a figure.</summary>
/// <param name="figure">Side x side, how much of each pixel is covered, 0 to 255.</param>
public delegate byte[] PictureMaker(byte[] figure, int side, ref KeyedRandom random);

/// <summary>One way in which pictures differ from those that a network has learned from.</summary>
public sealed record PictureKind(string Name, PictureMaker Make)
{
    private const double Tenfold = 10;

    public static IReadOnlyList<PictureKind> All { get; } =
    [
        new(
            "PNG of its own size",
            (byte[] figure, int side, ref KeyedRandom random) => Png(Plain(figure, side, 1, 0, 255, isSmooth: false))
        ),
        new("white paper", (byte[] figure, int side, ref KeyedRandom random) => Png(Plain(figure, side, Tenfold, 255, 0))),
        new(
            "white paper, 3 to 30 times",
            (byte[] figure, int side, ref KeyedRandom random) =>
                Png(Plain(figure, side, 3 * Math.Pow(10, random.NextSingle()), 255, 0, random.NextInt32(2) == 0))
        ),
        .. new[] { 240, 230, 220, 200, 180, 165, 150 }.Select(paper => new PictureKind(
            $"paper of {paper}",
            (byte[] figure, int side, ref KeyedRandom random) => Png(Plain(figure, side, Tenfold, paper, 0))
        )),
        new(
            "ink of 40 to 120 on 200",
            (byte[] figure, int side, ref KeyedRandom random) =>
                Png(Plain(figure, side, Times(ref random), 200, Between(40, 120, ref random), random.NextInt32(2) == 0))
        ),
        new(
            "light that falls by half",
            (byte[] figure, int side, ref KeyedRandom random) => Png(Lit(Paper(figure, side, ref random), 0.5, ref random))
        ),
        new(
            "light that falls by two thirds",
            (byte[] figure, int side, ref KeyedRandom random) => Png(Lit(Paper(figure, side, ref random), 0.33, ref random))
        ),
        new(
            "a shadow",
            (byte[] figure, int side, ref KeyedRandom random) =>
                Png(
                    Paper(figure, side, ref random).Shaded(Between(0.5, 0.8, ref random), Angle(ref random), Between(0.15, 0.4, ref random))
                )
        ),
        new("noise of 20", (byte[] figure, int side, ref KeyedRandom random) => Png(Paper(figure, side, ref random).Noisy(20, ref random))),
        new(
            "noise of 20 on white",
            (byte[] figure, int side, ref KeyedRandom random) => Png(Plain(figure, side, Tenfold, 255, 0).Noisy(20, ref random))
        ),
        new("a frame", (byte[] figure, int side, ref KeyedRandom random) => Png(Framed(Paper(figure, side, ref random), 4, ref random))),
        new(
            "a strip at a side",
            (byte[] figure, int side, ref KeyedRandom random) => Png(Framed(Paper(figure, side, ref random), 1, ref random))
        ),
        new(
            "a speck in a corner",
            (byte[] figure, int side, ref KeyedRandom random) =>
                Png(Specked(Paper(figure, side, ref random), 1, inCorners: true, ref random))
        ),
        new(
            "specks anywhere",
            (byte[] figure, int side, ref KeyedRandom random) =>
                Png(Specked(Paper(figure, side, ref random), 2 + random.NextInt32(8), inCorners: false, ref random))
        ),
        new(
            "ruled paper",
            (byte[] figure, int side, ref KeyedRandom random) => Png(Ruled(Paper(figure, side, ref random), isSquared: false, ref random))
        ),
        new(
            "squared paper",
            (byte[] figure, int side, ref KeyedRandom random) => Png(Ruled(Paper(figure, side, ref random), isSquared: true, ref random))
        ),
        new("a dark board", (byte[] figure, int side, ref KeyedRandom random) => Png(Board(figure, side, ref random))),
        new(
            "a dark board, light and noise",
            (byte[] figure, int side, ref KeyedRandom random) =>
                Png(Lit(Board(figure, side, ref random), 0.5, ref random).Noisy(8, ref random))
        ),
        new("a photograph", Photograph),
        new(
            "a sheet on a table",
            (byte[] figure, int side, ref KeyedRandom random) => Png(OnTable(Paper(figure, side, ref random), ref random))
        ),
        new("a small figure on a sheet", (byte[] figure, int side, ref KeyedRandom random) => Png(Small(figure, side, ref random))),
        new("a page at 300 dpi", Page),
        new("a thin pen", (byte[] figure, int side, ref KeyedRandom random) => Png(Redrawn(figure, side, isThicker: false, ref random))),
        new("a thick pen", (byte[] figure, int side, ref KeyedRandom random) => Png(Redrawn(figure, side, isThicker: true, ref random))),
        new("all together", Together),
        .. Enumerable
            .Range(1, 8)
            .Select(turn => new PictureKind(
                $"EXIF orientation {turn}",
                (byte[] figure, int side, ref KeyedRandom random) => ExifPicture.Stored(Paper(figure, side, ref random), turn)
            )),
    ];

    private static Scene Plain(byte[] figure, int side, double times, float paper, float ink, bool isSmooth = true) =>
        Scene.Draw(figure, side, times, isSmooth, paper, ink);

    private static Scene Paper(byte[] figure, int side, ref KeyedRandom random) =>
        Plain(figure, side, Times(ref random), Between(190, 255, ref random), Between(0, 60, ref random), random.NextInt32(2) == 0);

    private static Scene Board(byte[] figure, int side, ref KeyedRandom random) =>
        Plain(figure, side, Times(ref random), Between(10, 80, ref random), Between(180, 255, ref random), random.NextInt32(2) == 0);

    private static Scene Lit(Scene scene, double share, ref KeyedRandom random) =>
        scene.Lit(share, Angle(ref random), fromPoint: random.NextInt32(3) == 0);

    private static Scene Framed(Scene scene, int sides, ref KeyedRandom random)
    {
        var (brightness, first) = (Between(0, 70, ref random), random.NextInt32(4));
        var widths = new int[4];
        for (var i = 0; i < sides; i++)
        {
            widths[(first + i) % 4] = (int)(scene.Width * Between(0.02, 0.15, ref random));
        }

        return scene.Framed(brightness, widths[0], widths[1], widths[2], widths[3]);
    }

    private static Scene Specked(Scene scene, int count, bool inCorners, ref KeyedRandom random) =>
        scene.Specked(
            count,
            Math.Max(2, scene.Width * Between(0.015, 0.05, ref random)),
            Between(0, 80, ref random),
            inCorners,
            ref random
        );

    private static Scene Ruled(Scene scene, bool isSquared, ref KeyedRandom random) =>
        scene.Ruled(
            scene.Width * Between(0.06, 0.2, ref random),
            Math.Max(1, scene.Width * Between(0.003, 0.012, ref random)),
            Between(-0.03, 0.03, ref random),
            Between(90, 190, ref random),
            isSquared
        );

    private static Scene OnTable(Scene sheet, ref KeyedRandom random)
    {
        int Width(ref KeyedRandom random) => (int)(sheet.Width * Between(0.1, 0.5, ref random));
        return sheet
            .Framed(Between(30, 90, ref random), Width(ref random), Width(ref random), Width(ref random), Width(ref random))
            .Noisy(4, ref random);
    }

    private static Scene Small(byte[] figure, int side, ref KeyedRandom random)
    {
        var times = Between(4, 8, ref random);
        int Margin(ref KeyedRandom random) => (int)(side * times * Between(0.2, 2.5, ref random));
        return Scene.Draw(
            figure,
            side,
            times,
            isSmooth: true,
            Between(200, 255, ref random),
            Between(0, 60, ref random),
            (Margin(ref random), Margin(ref random), Margin(ref random), Margin(ref random))
        );
    }

    private static byte[] Page(byte[] figure, int side, ref KeyedRandom random)
    {
        const int Width = 2480,
            Height = 3508;
        var times = Between(10, 70, ref random);
        var drawn = (int)Math.Round(side * times);
        var (left, top) = (random.NextInt32(Width - drawn), random.NextInt32(Height - drawn));
        return Scene
            .Draw(figure, side, times, isSmooth: true, 255, 0, (left, top, Width - drawn - left, Height - drawn - top))
            .Encode(SKEncodedImageFormat.Png, 100);
    }

    private static Scene Redrawn(byte[] figure, int side, bool isThicker, ref KeyedRandom random)
    {
        const int Finer = 8;
        var redrawn = Strokes.Redrawn(figure, side, Finer, 3 + random.NextInt32(3), isThicker);
        return Plain(redrawn, side * Finer, Times(ref random) / Finer, Between(190, 255, ref random), Between(0, 60, ref random));
    }

    private static byte[] Photograph(byte[] figure, int side, ref KeyedRandom random) =>
        Lit(Paper(figure, side, ref random), Between(0.5, 1, ref random), ref random)
            .Noisy(Between(2, 12, ref random), ref random)
            .Encode(SKEncodedImageFormat.Jpeg, 30 + random.NextInt32(60));

    private static byte[] Together(byte[] figure, int side, ref KeyedRandom random)
    {
        var scene = random.NextInt32(4) == 0 ? Board(figure, side, ref random) : Paper(figure, side, ref random);
        var isPaper = scene.Pixels[0] > 128;
        scene = isPaper && random.NextInt32(3) == 0 ? Ruled(scene, random.NextInt32(2) == 0, ref random) : scene;
        scene = isPaper && random.NextInt32(2) == 0 ? Specked(scene, 1 + random.NextInt32(4), inCorners: true, ref random) : scene;
        scene = random.NextInt32(2) == 0 ? Lit(scene, Between(0.5, 0.8, ref random), ref random) : scene;
        scene = isPaper && random.NextInt32(2) == 0 ? Framed(scene, 1 + random.NextInt32(4), ref random) : scene;
        return scene
            .Noisy(Between(0, 12, ref random), ref random)
            .Encode(random.NextInt32(2) == 0 ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, 40 + random.NextInt32(60));
    }

    private static byte[] Png(Scene scene) => scene.Encode(SKEncodedImageFormat.Png, 100);

    private static double Times(ref KeyedRandom random) => Between(4, 20, ref random);

    private static double Angle(ref KeyedRandom random) => 2 * Math.PI * random.NextSingle();

    private static float Between(double least, double most, ref KeyedRandom random) =>
        (float)(least + ((most - least) * random.NextSingle()));
}
