package org.deprovisioner.intake;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.component.file.FileComponent;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.component.file.GenericFileConfiguration;
import org.apache.camel.component.file.GenericFileEndpoint;

/**
 * The endpoint {@code data:<folder>}: Camel's {@code file} endpoint, with all its options, for a folder below the data
 * folder. That one never becomes part of a URI, in which {@code %}, {@code ?} or {@code #} would name another folder.
 */
public final class DataFolder extends FileComponent {

    private final Path data;

    DataFolder(Path data) {
        this.data = data;
    }

    @Override
    public String getDefaultName() {
        return "file"; // whose options it has
    }

    @Override
    protected GenericFileEndpoint<File> buildFileEndpoint(
            String uri, String remaining, Map<String, Object> parameters) {
        File folder = data.resolve(remaining).normalize().toFile();
        GenericFileConfiguration configuration = new GenericFileConfiguration();
        configuration.setDirectory(folder.getPath());
        FileEndpoint endpoint = new FileEndpoint(uri, this);
        endpoint.setFile(folder);
        endpoint.setConfiguration(configuration);
        return endpoint;
    }
}
