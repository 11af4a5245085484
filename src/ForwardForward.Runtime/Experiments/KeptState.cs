using Orleans.Storage;

namespace ForwardForward.Runtime.Experiments;

internal static class KeptState
{
    /// <summary>
    /// Writes what a grain alone knows; a failure ends its activation, and the next one reads what is stored. Storage that has lost what it
    /// held gets it anew.
    /// </summary>
    public static async Task Keep<T>(this IPersistentState<T> state, T changed)
    {
        state.State = changed;
        try
        {
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            await state.ReadStateAsync();
            if (state.RecordExists)
            {
                throw;
            }

            state.State = changed; // the storage has lost it, and nobody else knows
            await state.WriteStateAsync();
        }
    }
}
