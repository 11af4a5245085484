using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ForwardForward.Contracts.Experiments;
using SkiaSharp;

namespace ForwardForward.Cluster.Tests.Processes;

/// <summary>A run that is taught over HTTP and by console while silos are killed.</summary>
public sealed class TaughtClusterTests
{
    private static readonly HttpClient Client = new();

    [RedisFact]
    public Task What_was_acknowledged_is_in_the_run_once_whichever_silos_are_killed_and_goes_on_as_the_reference_with_its_journal() =>
        FragileCluster.With(
            3,
            async (cluster, silos) =>
            {
                await cluster.Train(silos[0], "taught", "--set", "teach.repeat=6");
                await silos[0].Until("taught", run => run.LastCheckpointSlot is not null);
                List<string> acknowledged = [];
                for (var lesson = 0; lesson < 12; lesson++)
                {
                    acknowledged.Add(await Teach(silos[0], $"lesson-{lesson}", lesson % 4));
                    if (lesson is 3 or 7)
                    {
                        silos[lesson is 3 ? 1 : 2].Process.Kill();
                    }
                }

                await Teach(silos[0], "lesson-11", 11 % 4); // sent again
                await File.WriteAllBytesAsync(cluster.At("sign.png"), Sign(20));
                var taught = await Run(cluster, silos[0], "sign.png", "--label", "2", "--json");
                var back = await Run(cluster, silos[0], "--take-back", "lesson-1");
                var printed = await Run(cluster, silos[0], "--list");

                Assert.True(taught.ExitCode == 0, taught.Error);
                Assert.True(back.ExitCode == 0, back.Error);
                var lessons = LessonJournal.ReadLines(printed.Output, "journal");
                acknowledged.Add(taught.Json.GetProperty("accepted")[0].GetProperty("id").GetString()!);
                Assert.Equal(acknowledged, lessons.Select(lesson => lesson.Id));
                Assert.NotNull(lessons[1].TakenBack);
                Assert.Equal(taught.Json.GetProperty("accepted")[0].GetProperty("slot").GetInt64(), lessons[^1].Slot);
                var after = await silos[0].GoesOnAsTheReference("taught", run => run.Slot > lessons[^1].Slot, lessons);
                Assert.True(after.Recoveries >= 1, $"{after.Recoveries} recoveries");
            }
        );

    private static Task<Console.Tests.FfResult> Run(FragileCluster cluster, FragileSilo silo, params string[] more) =>
        cluster.Console.Run(["teach", "taught", "--cluster", silo.Gateway, .. more]);

    // With the same id until it is acknowledged.
    private static async Task<string> Teach(FragileSilo silo, string id, int label)
    {
        await Event.Of(
            $"{id} is acknowledged",
            async () =>
            {
                using var body = new ByteArrayContent(Sign(label * 10));
                body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
                using var answer = await Client.PostAsync($"{silo.Place.Http}/teach?run=taught&label={label}&id={id}", body);
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, text);
                return answer.IsSuccessStatusCode && JsonDocument.Parse(text).RootElement.GetProperty("id").GetString() == id;
            },
            TimeSpan.FromMinutes(2)
        );
        return id;
    }

    /// <summary>A PNG of two crossed lines.</summary>
    internal static byte[] Sign(int from)
    {
        using var surface = SKSurface.Create(new SKImageInfo(80, 80));
        surface.Canvas.Clear(SKColors.Black);
        using var paint = new SKPaint { Color = SKColors.White, StrokeWidth = 8 };
        surface.Canvas.DrawLine(from, 5, 75, 75, paint);
        surface.Canvas.DrawLine(75, 5, from, 75, paint);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
