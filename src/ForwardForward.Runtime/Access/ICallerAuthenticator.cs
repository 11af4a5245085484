namespace ForwardForward.Runtime.Access;

/// <summary>Says who makes the call that is being answered.</summary>
internal interface ICallerAuthenticator
{
    /// <param name="sender">What the call says that it comes from.</param>
    /// <returns>Null where that cannot be told.</returns>
    ValueTask<Caller?> Of(GrainId? sender);
}
