using Hermes.Core.Configuration;
using Hermes.Core.Memory;
using Hermes.Core.Sessions;
using Hermes.Core.Skills;

namespace Hermes.Core.Changes;

/// <summary>Polls the parts of a home, opening nothing that did not change.</summary>
/// <remarks>That a part cannot be read is a state of it as well. Not safe for use by several at once.</remarks>
internal sealed class HomeProbe(SessionStore sessions, MemoryReader memory, SkillCatalog skills, ConfigFile config)
{
    /// <summary>What tells the state of a part from another: equal values, equal states.</summary>
    public async ValueTask<object?> ReadAsync(HomePart part) => part switch
    {
        HomePart.Sessions => ReadSessions(),
        HomePart.Memory => await ReadMemoryAsync().ConfigureAwait(false),
        HomePart.Skills => await ReadSkillsAsync().ConfigureAwait(false),
        _ => ReadConfig(),
    };

    // A store of the application's own says nothing of its changes.
    private object? ReadSessions()
    {
        try
        {
            return (sessions as IRowStore)?.ReadVersion();
        }
        catch (SessionStoreUnavailableException exception)
        {
            return exception.Message;
        }
    }

    private async ValueTask<object> ReadMemoryAsync()
    {
        try
        {
            return await memory.ReadAsync().ConfigureAwait(false);
        }
        catch (MemoryUnavailableException exception)
        {
            return exception.Message;
        }
    }

    private async ValueTask<object> ReadSkillsAsync()
    {
        try
        {
            return await skills.ReadAsync().ConfigureAwait(false);
        }
        catch (SkillsUnavailableException exception)
        {
            return exception.Message;
        }
    }

    private object ReadConfig()
    {
        try
        {
            return config.Read().Root;
        }
        catch (ConfigUnreadableException exception)
        {
            return exception.Message;
        }
    }
}
