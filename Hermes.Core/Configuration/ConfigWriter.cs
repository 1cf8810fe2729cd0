using Hermes.Core.IO;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Changes the model, provider and address in a home's <c>config.yaml</c>, and not a character beside them.</summary>
/// <remarks>
/// <para>Comments, order, quotes, references to variables, unknown keys and line ends stay. The file is replaced whole, after its new content
/// is on the disk; it then belongs to its owner alone (0600, or less where it had less). A link stays one: what it leads to is replaced.</para>
/// <para>Somebody else's change at the same time is not lost: the file is read again and changed as it is then. Safe for use from any thread.</para>
/// </remarks>
public sealed class ConfigWriter : IDisposable
{
    // Each needs somebody else's change in the milliseconds of the one before.
    private const int MaxAttempts = 10;

    private readonly HermesHome _home;
    private readonly IFileSystem _fileSystem;
    private readonly ConfigFile _file;
    private readonly KeyDestinations _destinations;
    private readonly SemaphoreSlim _semaphore = new(1);

    /// <summary>Changes the configuration of a home.</summary>
    /// <param name="home">The home; its <c>config.yaml</c> need not exist.</param>
    /// <param name="fileSystem">Where the home lies.</param>
    public ConfigWriter(HermesHome home, IFileSystem fileSystem)
        : this(home, fileSystem, new ConfigFile(home, fileSystem), new KeyDestinations(new HomeVariables(home, fileSystem), hasAppKey: false, allowedOrigins: [])) { }

    internal ConfigWriter(HermesHome home, IFileSystem fileSystem, ConfigFile file, KeyDestinations destinations) =>
        (_home, _fileSystem, _file, _destinations) = (home, fileSystem, file, destinations);

    /// <summary>Makes a change, unless the file says so already.</summary>
    /// <returns>What the file says now; its address may hold secrets where it was not this change that set it.</returns>
    /// <exception cref="ConfigValueException">A value cannot be used.</exception>
    /// <exception cref="ConfigConflictException">The file cannot be read, or is such that only a change by hand can make it; or a key, of
    /// the file, of <c>.env</c> or of the app's settings, would go to another origin than before.</exception>
    /// <exception cref="ConfigUnwritableException">The file cannot be written.</exception>
    public async Task<EffectiveModel> WriteAsync(ConfigChange change, CancellationToken cancellationToken = default) =>
        ProviderChoice.Of(await ChangeAsync(change, cancellationToken).ConfigureAwait(false)).Effective;

    /// <summary>Makes a change, and gives what the file says now as it may be shown.</summary>
    /// <inheritdoc cref="WriteAsync" path="/exception"/>
    internal async Task<EffectiveModel> WriteAndShowAsync(ConfigChange change, CancellationToken cancellationToken) =>
        new ConfigView(await ChangeAsync(change, cancellationToken).ConfigureAwait(false)).ShowEffectiveModel();

    private async Task<YamlMapping> ChangeAsync(ConfigChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        change = change.Checked();
        await _semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                var before = _file.Read().Text;
                var after = ConfigEditor.Edit(before, change);
                var root = ConfigFile.Parse(after);
                if (after == before) return root;

                _destinations.Check(ConfigFile.Parse(before), root);
                AtomicFile.CreateFolder(_fileSystem, _home.Path);
                var content = Encoding.UTF8.GetBytes(after);
                var isWritten = await AtomicFile.WriteAsync(
                    _fileSystem, _home.ConfigFile, content, cancellationToken, isOwnersAlone: true, () => _file.Read().Text == before)
                    .ConfigureAwait(false);
                if (isWritten) return root;
            }
        }
        catch (ConfigUnreadableException exception)
        {
            throw new ConfigConflictException($"it cannot be read ({exception.Reason})");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = exception switch
            {
                NotRegularFileException irregular => $"it is {irregular.What}; put a file in its place",
                UnauthorizedAccessException => "allow the server's user to write it and its folder",
                _ => "the file system reports an error; see whether the disk is full",
            };
            throw new ConfigUnwritableException(reason, exception);
        }
        finally
        {
            _semaphore.Release();
        }

        throw new ConfigConflictException("another program changes it all the time; try again");
    }

    /// <summary>Frees what keeps changes apart; none may be under way.</summary>
    public void Dispose() => _semaphore.Dispose();
}
