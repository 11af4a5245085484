using System.Globalization;
using ForwardForward.Contracts.Access;
using ForwardForward.Contracts.Streams;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using Orleans.Concurrency;

namespace ForwardForward.Contracts.Experiments;

/// <summary>One thing that was measured, as watchers see it.</summary>
/// <param name="Sequence">Position in the run's list of events, from 0.</param>
/// <param name="Seconds">Since the first slot.</param>
/// <param name="InboxDepth">Slots that waited for the layer when it measured.</param>
[GenerateSerializer, Immutable, Alias("ff.run-event")]
public sealed record RunEvent(
    [property: Id(0)] long Sequence,
    [property: Id(1)] double Seconds,
    [property: Id(2)] LayerMeasurement? Layer,
    [property: Id(3)] int? InboxDepth,
    [property: Id(4)] Evaluation? Evaluation,
    [property: Id(5)] StateTrace? Trace = null,
    [property: Id(6)] Prequential? Streamed = null
)
{
    // as JSON, with room
    private const int BytesOfNumbers = 512;
    private const int BytesOfHash = 80;

    /// <summary>Most bytes that it has in a message.</summary>
    public int MaxBytes => BytesOfNumbers + (BytesOfHash * (Trace?.Sha256.Count ?? 0));

    /// <summary>The slot after which it was measured.</summary>
    public long Slot => Layer?.Slot ?? Evaluation?.Slot ?? Streamed?.Slot ?? Trace!.Slot;

    /// <summary>
    /// What it is a measurement of: 1 for the first layer, 0 for an evaluation, -1 for a trace, -2 for a stream's error. With the slot it
    /// names the event, in whatever generation.
    /// </summary>
    public int Subject =>
        Layer?.Layer
        ?? (
            Evaluation is not null ? 0
            : Streamed is not null ? -2
            : -1
        );
}

/// <summary>
/// The run's state after a slot. Two runs of one spec have the same traces, and the first that differs says in which stage and when they
/// parted.
/// </summary>
/// <param name="Sha256">Of every stage's part of the checkpoint at that slot, layers from the bottom up, then the readout.</param>
[GenerateSerializer, Immutable, Alias("ff.state-trace")]
public sealed record StateTrace([property: Id(0)] long Slot, [property: Id(1)] IReadOnlyList<string> Sha256)
{
    /// <summary>What a part of a checkpoint says of itself: nothing that another run of the spec would say differently.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(long slot) =>
        new Dictionary<string, string> { ["slot"] = slot.ToString(CultureInfo.InvariantCulture) };
}

/// <summary>The status and what has been measured since the watcher last asked, or as much of it as one message carries.</summary>
/// <param name="HasMore">Whether more was measured, which is there to be asked for at once.</param>
[GenerateSerializer, Immutable, Alias("ff.run-update")]
public sealed record RunUpdate(
    [property: Id(0)] RunStatus Status,
    [property: Id(1)] IReadOnlyList<RunEvent> Events,
    [property: Id(2)] bool HasMore = false
);

/// <summary>A failure that comes again at the same place however often the run is taken up.</summary>
/// <param name="Slot">Where it is.</param>
/// <param name="IsEcho">Whether another stage made it, and says so too.</param>
[GenerateSerializer, Immutable, Alias("ff.certain-failure")]
internal sealed record CertainFailure([property: Id(0)] long Slot, [property: Id(1)] bool IsEcho = false);

/// <summary>What a client asks a cluster to run.</summary>
/// <param name="Preset">Name of the built-in experiment that the spec came from; null where it came from a file.</param>
/// <param name="GoesOn">Whether to take up the newest checkpoint of an earlier run of this name, and refuse where there is none.</param>
[GenerateSerializer, Immutable, Alias("ff.run-request")]
public sealed record RunRequest(
    [property: Id(0)] ExperimentSpec Spec,
    [property: Id(1)] string? Preset = null,
    [property: Id(2)] bool GoesOn = false
)
{
    /// <summary>Of who asks; 0: of a version before there were numbers.</summary>
    [Id(3)]
    public int Contract { get; init; } = ContractVersion.Current;

    /// <summary>The journal of what was taught to a run that this one is to repeat, or goes on with.</summary>
    [Id(4)]
    public IReadOnlyList<Lesson> Lessons { get; init; } = [];
}

/// <summary>The coordinator of one run, which clients talk to; key: the run's name.</summary>
[Alias("ff.experiment")]
public interface IExperimentGrain : IGrainWithStringKey
{
    /// <summary>Opens the data, places the stages and starts the run; answers when the first slot is on its way.</summary>
    /// <exception cref="RunExistsException">The name is taken.</exception>
    /// <exception cref="Learning.InvalidInputException">Spec or data cannot be used; nothing is left behind.</exception>
    [AllowRole(ClusterRole.Operator, IsAudited = true)]
    [ResponseTimeout("00:10:00")] // data may have to be fetched first
    Task<RunStatus> Start(RunRequest request);

    [AlwaysInterleave, AllowRole(ClusterRole.Observer)]
    Task<RunStatus> Status();

    /// <summary>Answers when there is something after the given event, or after a second.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), AllowRole(ClusterRole.Observer)]
    Task<RunUpdate> Watch(long nextSequence);

    /// <summary>Brings the run to a halt at a checkpoint and frees what it holds; answers when it rests, or is over.</summary>
    /// <exception cref="Learning.InvalidInputException">The run is over, or has not begun.</exception>
    /// <exception cref="InvalidOperationException">Its state cannot be saved; the run goes on. The message is one sentence.</exception>
    [AlwaysInterleave, ResponseTimeout("00:05:00"), AllowRole(ClusterRole.Operator, IsAudited = true)]
    Task<RunStatus> Pause();

    /// <summary>Goes on with a paused run, on the silos that are there now.</summary>
    /// <exception cref="Learning.InvalidInputException">The run is over, or has not begun.</exception>
    /// <exception cref="InvalidOperationException">It cannot be taken up; the run stays paused. The message is one sentence.</exception>
    [AlwaysInterleave, ResponseTimeout("00:05:00"), AllowRole(ClusterRole.Operator, IsAudited = true)]
    Task<RunStatus> Resume();

    /// <summary>The cluster's storage has lost what it held: writes the run's record again, if there is one here.</summary>
    [AlwaysInterleave]
    Task WriteAgain();

    /// <summary>
    /// Moves what a silo that shuts down has of the run to others, by way of a checkpoint, so that nothing is done twice; answers when the
    /// silo may go.
    /// </summary>
    [AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task Leave(SiloAddress silo);

    /// <summary>Asks the network what images show: the one that trains where the run runs, else its newest checkpoint.</summary>
    /// <param name="pixels">Of at most 256 images as large as the run's, one after the other, 0 (black) to 255.</param>
    /// <exception cref="Learning.InvalidInputException">
    /// There is no such run, it has no checkpoint yet, or the images are of another size.
    /// </exception>
    /// <exception cref="BusyException">More is asked than is answered.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:30"), AllowRole(ClusterRole.Operator)]
    Task<PredictionResult> Predict(byte[] pixels);

    /// <summary>As <see cref="Predict"/>, and what each layer finds by its own goodness, which costs a row for every label more.</summary>
    /// <param name="pixels">Of at most as many images as a slot has room for with every label; one always has.</param>
    [AlwaysInterleave, ResponseTimeout("00:00:30"), AllowRole(ClusterRole.Operator)]
    Task<PredictionResult> PredictLayers(byte[] pixels);

    /// <summary>
    /// Lets a picture with its label enter a run that trains, in mini-batches to come, in place of training images. Answers when that is
    /// kept for good; the same sent again, after an answer that was lost, enters once.
    /// </summary>
    /// <param name="lesson">Without what the run says of it: batch, slot, digest.</param>
    /// <exception cref="Learning.InvalidInputException">
    /// There is no such run, it does not train, it has no batch left, the picture is of another size, the label is no class, or too many
    /// were taught.
    /// </exception>
    /// <exception cref="BusyException">It cannot be taken or kept just now; to be sent again.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:30"), AllowRole(ClusterRole.Operator, IsAudited = true)]
    Task<LessonReceipt> Teach(Lesson lesson);

    /// <summary>Shows a picture that was taught no more, from a mini-batch to come on.</summary>
    /// <exception cref="Learning.InvalidInputException">There is no such run or lesson, or it does not train.</exception>
    /// <exception cref="BusyException">It cannot be kept just now; to be sent again.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:30"), AllowRole(ClusterRole.Operator, IsAudited = true)]
    Task<LessonReceipt> TakeBack(string id);

    /// <summary>What was taught, in the order in which it was taken, from a number on: as much as one message carries.</summary>
    /// <exception cref="Learning.InvalidInputException">There is no such run.</exception>
    [AlwaysInterleave, AllowRole(ClusterRole.Operator)]
    Task<IReadOnlyList<Lesson>> Lessons(int first);

    /// <summary>
    /// Gives a run of a stream examples to learn from, behind those that it has; answers when they are kept for good. The same sent again,
    /// after an answer that was lost, enters once.
    /// </summary>
    /// <exception cref="Learning.InvalidInputException">
    /// There is no such run, it learns from no stream, it is over, or an example does not fit it; nothing of the post is taken.
    /// </exception>
    /// <exception cref="BusyException">The run is too far behind, or they cannot be kept now: to be sent again.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:45"), AllowRole(ClusterRole.Operator)]
    Task<StreamReceipt> Feed(StreamPost post);

    /// <summary>What the journal of a run's stream has from an example on, as much as one message carries.</summary>
    /// <exception cref="Learning.InvalidInputException">There is no such run, or it learns from no stream.</exception>
    [AlwaysInterleave, AllowRole(ClusterRole.Operator)]
    Task<StreamSlice> Examples(long first);

    /// <summary>The run's newest whole checkpoint, without its journal.</summary>
    /// <exception cref="Learning.InvalidInputException">There is no such run, or it has none.</exception>
    [AlwaysInterleave, ResponseTimeout("00:05:00"), AllowRole(ClusterRole.Operator)]
    Task<CheckpointManifest> NewestCheckpoint();

    /// <summary>A piece of a file of the newest checkpoint; whoever copies it verifies the whole.</summary>
    /// <param name="bytes">At most a mebibyte.</param>
    /// <exception cref="CheckpointException">
    /// The file is missing, as that of a run which has taken newer ones since, or cannot be read.
    /// </exception>
    [AlwaysInterleave, AllowRole(ClusterRole.Operator)]
    Task<byte[]> ReadCheckpoint(CheckpointId id, CheckpointFile file, long offset, int bytes);

    /// <summary>Ends a run that is not over; its state is lost.</summary>
    [AlwaysInterleave, AllowRole(ClusterRole.Operator, IsAudited = true)]
    Task Cancel();
}

/// <summary>What the stages of a run tell its coordinator; every call carries the generation it speaks for.</summary>
[Alias("ff.experiment-stages")]
internal interface IExperimentReports : IGrainWithStringKey
{
    /// <summary>
    /// What the stages of one silo have told since the last such call, in order. An answer says that all of it was heard.
    /// </summary>
    [AlwaysInterleave]
    Task Told(int generation, IReadOnlyList<StageReport> reports);

    /// <summary>A stage has handled the last slot.</summary>
    /// <param name="stage">Layers from 0, then the readout.</param>
    /// <param name="digest">SHA-256 of its state.</param>
    [AlwaysInterleave]
    Task Ended(int generation, int stage, byte[] digest);

    /// <summary>The source asks whether an epoch begins, or a test has ended the run before its plan does.</summary>
    /// <param name="epoch">From 0.</param>
    /// <returns>Null where the test that it depends on has not come yet.</returns>
    [AlwaysInterleave]
    Task<bool?> Begins(int generation, int epoch);

    /// <summary>The source makes no further slot after this one, which every stage keeps its state after.</summary>
    [AlwaysInterleave]
    Task Halts(int generation, long slot);

    /// <summary>The source was asked to halt while it waits for examples: it makes no slot until it is told to go on.</summary>
    [AlwaysInterleave]
    Task Rests(int generation);

    /// <summary>The source has seen the end of the run's stream, which decides which slots are left.</summary>
    /// <param name="examples">Of the whole stream.</param>
    [AlwaysInterleave]
    Task StreamEnded(int generation, long examples);

    /// <param name="stage">Name for a person.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="isLoss">Whether a neighbour was lost, rather than that the stage itself cannot go on.</param>
    /// <param name="certain">Given where it would be so every time, and nobody need try again.</param>
    [AlwaysInterleave]
    Task Failed(int generation, string stage, string message, bool isLoss, CertainFailure? certain = null);
}
